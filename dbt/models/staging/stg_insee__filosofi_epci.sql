{{ mesures_longues('insee.filosofi_epci') }}
