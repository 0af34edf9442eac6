{{ mesures_longues('insee.recensement_iris_population') }}
